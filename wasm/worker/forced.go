//go:build js && wasm && forced

package main

//lint:file-ignore U1000 the host calls what is exported

import (
	"runtime"
	"unsafe"
)

// Faults that tests force.

// forcePanic panics where it is caught.
//
//go:wasmexport forcePanic
func forcePanic() (status int32) {
	defer guard(&status)
	panic("forced")
}

// forceExit panics where nothing catches it, which ends the program.
//
//go:wasmexport forceExit
func forceExit() int32 {
	go func() { panic("forced") }()
	runtime.Gosched()
	return 0
}

// forceOverflow has the host run out of stack: a RangeError.
//
//go:wasmexport forceOverflow
func forceOverflow() (status int32) {
	defer guard(&status)
	return int32(deep(1 << 20))
}

//go:noinline
func deep(n int) int {
	var frame [256]byte
	if n == 0 {
		return int(frame[0])
	}
	frame[n%256] = 1
	return deep(n-1) + int(frame[(n+1)%256])
}

var kept []byte

// forceGrowth has the memory grow by that many bytes, which it does not give back.
//
//go:wasmexport forceGrowth
func forceGrowth(bytes int32) (status int32) {
	defer guard(&status)
	kept = make([]byte, bytes)
	for i := 0; i < len(kept); i += 4096 {
		kept[i] = 1
	}
	return int32(uintptr(unsafe.Pointer(&kept[0])) >> 31)
}

// forceCount counts the tasks.
//
//go:wasmexport forceCount
func forceCount() int32 { return int32(answers.State().Tasks) }
