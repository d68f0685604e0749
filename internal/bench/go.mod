module github.com/awsposture/posture/internal/bench

go 1.26.0

require (
	github.com/awsposture/posture v0.0.0
	github.com/cedar-policy/cedar-go v1.9.1
	github.com/goccy/go-json v0.12.0
	github.com/klauspost/compress v1.20.3
	github.com/minio/pkg/v3 v3.1.3
	github.com/valyala/fastjson v1.6.10
)

require (
	github.com/go-json-experiment/json v1.27.2 // indirect
	github.com/minio/minio-go/v7 v7.0.88 // indirect
	go.yaml.in/yaml/v3 v3.0.6 // indirect
	golang.org/x/exp v0.0.0-20220921023135-46d9e7742f1e // indirect
)

replace github.com/awsposture/posture => ../..
