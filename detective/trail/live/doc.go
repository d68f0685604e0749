// Package live judges CloudTrail events as they arrive: a [Consumer] takes
// messages from a queue, reads the events they bring or name, runs a set of
// rules over them and hands out alerts.
//
//	c := &live.Consumer{
//		Queue:  queue,  // SQS, behind three methods
//		Open:   bucket, // GetObject
//		Rules:  set,
//		Alert:  func(ctx context.Context, h rule.Hit) error { return pager.Send(ctx, h) },
//		Report: func(p live.Problem) { ... },
//		Store:  live.File("/var/lib/example/state"),
//	}
//	err := c.Run(ctx, stop)
//
// # What a crash costs
//
// Nothing but repeated alerts. A message's events are judged first; then their
// alerts are handed out; then the state of all windows, and which events it
// counts, is stored; only then is the message deleted. Whatever was not deleted
// comes again, and events that the stored state counts already are passed over.
// So the alerts of a run that is killed anywhere and started again are those of
// a run that was not, each at least once, and each with the same id every time.
//
// # What cannot be read
//
// A message that brings something unreadable, in whole or in part, is reported
// and not deleted: what could be read of it is judged, and the queue's redrive
// policy moves it to the dead-letter queue in the end. It is never lost.
//
// # Memory and pressure
//
// One message is worked on at a time and no more are asked for until it is done,
// so a slow Alert slows the queue down, not the process. Memory is bounded by
// the largest object, [Consumer.MaxHeld], the engine's options and the number
// of event ids remembered. Windows count what this consumer saw: rules with
// windows need one consumer for all events that are to be counted together.
package live
