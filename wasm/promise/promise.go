//go:build js && wasm

// Package promise waits for JavaScript's promises.
package promise

import (
	"fmt"
	"syscall/js"
)

// Await waits for a promise, which must come to an end, and returns what it is
// fulfilled with. The error is the text of what it is rejected with. It must not be
// called by a function that JavaScript is waiting for.
func Await(promise js.Value) (value js.Value, err error) {
	settled := make(chan struct{})
	settle := func(as func(js.Value)) js.Func {
		return js.FuncOf(func(_ js.Value, args []js.Value) any {
			as(args[0])
			close(settled)
			return nil
		})
	}
	fulfilled := settle(func(v js.Value) { value = v })
	defer fulfilled.Release()
	rejected := settle(func(v js.Value) { err = fmt.Errorf("%s", js.Global().Call("String", v).String()) })
	defer rejected.Release()
	promise.Call("then", fulfilled, rejected)
	<-settled
	return value, err
}

// Bytes returns a copy of what is in a Uint8Array.
func Bytes(array js.Value) []byte {
	b := make([]byte, array.Length())
	js.CopyBytesToGo(b, array)
	return b
}

// Array returns a Uint8Array with a copy of the bytes.
func Array(b []byte) js.Value {
	array := js.Global().Get("Uint8Array").New(len(b))
	js.CopyBytesToJS(array, b)
	return array
}
