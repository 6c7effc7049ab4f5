package main

import (
	"os"
	"testing"
)

func TestPageIsOfThisCode(t *testing.T) {
	const file = "../../docs/formatters.md"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != page() {
		t.Errorf("%s is not of this code: run go generate ./formatters", file)
	}
}
