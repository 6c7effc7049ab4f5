//go:build js

// Command hello is what a Worker on github.com/syumai/workers is at the least.
package main

import (
	"net/http"

	"github.com/syumai/workers"
)

func main() {
	http.HandleFunc("/hello", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("Hello!")) })
	workers.Serve(nil)
}
