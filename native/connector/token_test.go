package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"testing"
)

func TestTokenCommand(t *testing.T) {
	var out, errs bytes.Buffer
	if status := run(t.Context(), []string{"token"}, &out, &errs); status != 0 {
		t.Fatalf("status %d: %s", status, &errs)
	}
	var token, hash string
	if _, err := fmt.Sscanf(out.String(), "token %s\nsha256 %s\n", &token, &hash); err != nil || hash != fmt.Sprintf("%x", sha256.Sum256([]byte(token))) {
		t.Errorf("%q, %v", &out, err)
	}
	if status := run(t.Context(), []string{"token", "x"}, &out, &errs); status != exitUsage {
		t.Errorf("with an argument the status is %d", status)
	}
}
