module github.com/awsposture/posture/internal/bench

go 1.26.0

require (
	github.com/awsposture/posture v0.0.0
	github.com/goccy/go-json v0.12.0
	github.com/klauspost/compress v1.20.3
	github.com/valyala/fastjson v1.6.10
)

replace github.com/awsposture/posture => ../..
