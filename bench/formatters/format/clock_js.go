package main

import (
	"syscall/js"
	"time"
)

// used returns the time of the processor that Node has used.
func used() time.Duration {
	u := js.Global().Get("process").Call("cpuUsage")
	return time.Duration(u.Get("user").Int()+u.Get("system").Int()) * time.Microsecond
}
