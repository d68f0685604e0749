// Package evidence keeps what a verdict rests on, so that somebody without
// access to the account can check it later.
//
// # Record and replay
//
// A [Recorder] makes a copy of an aws.Config whose clients remember every
// request and answer, secrets taken out by rule ([Rules]). A [Player] makes an
// aws.Config whose clients get the recorded answers: the same scan, with the
// same clock, gives the same verdicts without a network.
//
//	recorder := &evidence.Recorder{Account: "111122223333"}
//	account := iam.FromConfig(recorder.Config(cfg), place)
//	… scan …
//	recording := recorder.Recording()
//
//	player := evidence.NewPlayer(recording)
//	account = iam.FromConfig(player.Config(), place)
//	… the same scan …
//
// # Bundle
//
// A [Bundle] is recordings, findings, parameters and whatever else belongs to
// an assessment, as files of a directory or of a zip archive. Its [Manifest] names every file
// with its size and hash; a Merkle tree as in RFC 6962 covers the manifest's head
// and every file; an Ed25519 signature covers the tree's root. [Verify] and
// [VerifyZip] check all of it offline and name the first thing wrong. [Prove]
// shows that one file belongs to a bundle, without the others. The same content
// and key give the same bytes.
//
// A bundle shows that nothing was changed since it was signed, and by whose key.
// It does not show that the signer told the truth, nor when: for that, have
// the root countersigned by a timestamp authority.
package evidence
