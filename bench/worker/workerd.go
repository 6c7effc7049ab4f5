package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// worker is a Worker in workerd.
type worker struct {
	name   string
	folder string // its modules, the first of which is main
	main   string
	// bindings are as workerd's configuration has them.
	bindings string
	objects  bool // it has the Durable Object

	url string
}

// modules are those of a folder, as workerd's configuration has them.
func (w *worker) modules() (string, error) {
	var first string
	var rest []string
	err := filepath.WalkDir(w.folder, func(file string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if entry.Name() == "second" && file != w.folder { // another Worker
				return filepath.SkipDir
			}
			return nil
		}
		name, err := filepath.Rel(w.folder, file)
		if err != nil {
			return err
		}
		kind := map[string]string{".mjs": "esModule", ".js": "esModule", ".wasm": "wasm", ".gz": "data"}[filepath.Ext(name)]
		if kind == "" {
			return nil
		}
		module := fmt.Sprintf("(name = %q, %s = embed %q)", name, kind, file)
		if name == w.main {
			first = module
		} else {
			rest = append(rest, module)
		}
		return nil
	})
	if first == "" && err == nil {
		err = fmt.Errorf("%s has no %s", w.folder, w.main)
	}
	return strings.Join(append([]string{first}, rest...), ", "), err
}

// workerd is a running workerd.
type workerd struct {
	cmd   *exec.Cmd
	began time.Time
}

// serve starts a workerd with the Workers, each at a port of its own.
func serve(dir, program string, all []*worker) (*workerd, error) {
	var services, sockets, definitions []string
	for i, w := range all {
		modules, err := w.modules()
		if err != nil {
			return nil, err
		}
		objects := ""
		bindings := w.bindings
		if w.objects {
			objects = `durableObjectNamespaces = [(className = "Connections", uniqueKey = "` + strconv.Itoa(i) + `")], durableObjectStorage = (inMemory = void), `
			bindings += `, (name = "CONNECTIONS", durableObjectNamespace = "Connections")`
		}
		services = append(services, fmt.Sprintf("(name = \"w%d\", worker = .w%d)", i, i))
		sockets = append(sockets, fmt.Sprintf("(name = \"w%d\", address = \"127.0.0.1:0\", http = (), service = \"w%d\")", i, i))
		definitions = append(definitions, fmt.Sprintf("const w%d :Workerd.Worker = (modules = [%s], bindings = [%s], %scompatibilityDate = \"2026-11-01\", "+
			"compatibilityFlags = [\"enable_request_signal\", \"request_signal_passthrough\"]);\n", i, modules, bindings, objects))
	}
	config := "using Workerd = import \"/workerd/workerd.capnp\";\nconst config :Workerd.Config = (services = [(name = \"internet\", network = (allow = [\"private\"])), " +
		strings.Join(services, ", ") + "], sockets = [" + strings.Join(sockets, ", ") + "]);\n" + strings.Join(definitions, "")
	file := filepath.Join(dir, "config.capnp")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		return nil, err
	}
	// The ports come at another descriptor than what the Workers write.
	ports, theirs, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer ports.Close()
	d := &workerd{cmd: exec.Command(program, "serve", "--control-fd=3", "-I/", file)}
	d.cmd.ExtraFiles, d.cmd.Stderr = []*os.File{theirs}, os.Stderr
	err = d.cmd.Start()
	theirs.Close()
	if err != nil {
		return nil, err
	}
	d.began = time.Now()
	lines := bufio.NewScanner(ports)
	for listening := 0; listening < len(all); {
		if !lines.Scan() {
			d.stop()
			return nil, fmt.Errorf("workerd does not listen: %v", lines.Err())
		}
		var says struct {
			Event, Socket string
			Port          int
		}
		if err := json.Unmarshal(lines.Bytes(), &says); err != nil {
			return nil, err
		}
		if says.Event != "listen" {
			continue
		}
		i, err := strconv.Atoi(strings.TrimPrefix(says.Socket, "w"))
		if err != nil {
			return nil, err
		}
		all[i].url = fmt.Sprintf("http://127.0.0.1:%d", says.Port)
		listening++
	}
	return d, nil
}

func (d *workerd) stop() {
	d.cmd.Process.Kill()
	d.cmd.Wait()
}

// cpu is the processor's time that it has taken.
func (d *workerd) cpu() (time.Duration, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", d.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	fields := strings.Fields(rest) // from the third on, proc(5)
	user, err := strconv.Atoi(fields[11])
	if err != nil {
		return 0, err
	}
	system, err := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond, err
}
