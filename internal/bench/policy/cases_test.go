package main

import "testing"

func BenchmarkCases(b *testing.B) {
	for _, c := range cases() {
		b.Run(c.name+"/posture", c.posture)
		b.Run(c.name+"/posture-explained", c.explained)
		b.Run(c.name+"/cedar-go", c.cedar)
		b.Run(c.name+"/minio", c.minio)
	}
}
