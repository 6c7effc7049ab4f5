//go:build js && wasm

// Command browser is the WebAssembly module of browsers, and of any JavaScript
// host that has WebSocket. It is started by the npm package's worker, which
// puts an object named ldapedge into the global scope: the module adds to it
//
//	call(frame: Uint8Array)    takes a frame and returns at once
//
// and calls
//
//	ready()                    once it can be called
//	receive(frame: Uint8Array) for each frame of its own
//
// Its webSocket, if there is one, is the class of WebSockets in place of the
// system's.
//
// The frames are those of package facade. No other function crosses the
// boundary.
package main

import (
	"syscall/js"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/wasm/facade"
	"github.com/ldapedge/ldapedge/wasm/promise"
)

// host is what the host has put into the global scope for this module.
var host = js.Global().Get("ldapedge")

func main() {
	f := facade.New(
		func(e facade.Endpoint) ldap.Dialer { return connectorDialer{e} },
		func(frame []byte) {
			host.Call("receive", promise.Array(frame))
		})
	host.Set("call", js.FuncOf(func(_ js.Value, args []js.Value) any {
		f.Receive(promise.Bytes(args[0]))
		return nil
	}))
	host.Call("ready")
	select {}
}
