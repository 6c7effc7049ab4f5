// Command worker measures Workers in one workerd, side by side: the Worker, the same
// routes on github.com/syumai/workers, what such a Worker is at the least, and one in
// plain JavaScript that has the answers prepared. It needs Node's
// packages, slapd, and dist/worker as built.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ldapedge/ldapedge/bench/contest"
	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/schemajson/offline"
	"github.com/ldapedge/ldapedge/schemajson/view"
)

func main() { contest.Main(run) }

// howLong is how many rounds there are, and how long a turn is.
func howLong() (rounds int, lasting time.Duration) {
	if os.Getenv("BENCH_ROUNDS") == "1" {
		return 1, 500 * time.Millisecond // to see that it runs
	}
	return 5, 4 * time.Second
}

func contains(body []byte, want string) bool { return bytes.Contains(body, []byte(want)) }

// names are the definitions that are asked for.
var names = []string{"user", "group", "person", "computer", "organizationalUnit", "top", "domain", "container"}

const people = 1000

func run(dir string) error {
	program, err := exec.Command("node", "-p", `require("workerd").default`).Output()
	if err != nil {
		return fmt.Errorf("npm's package workerd is needed: %w", err)
	}
	slapd, err := testserver.SlapdConfig{Entries: testserver.People(people)}.Start(context.Background())
	if err != nil {
		return err
	}
	defer slapd.Close()
	connector, stop, err := startConnector(dir, slapd.URL())
	if err != nil {
		return err
	}
	defer stop()
	workers, err := build(dir, connector)
	if err != nil {
		return err
	}
	path := strings.TrimSpace(string(program))
	d, err := serve(dir, path, workers)
	if err != nil {
		return err
	}
	if err := first(d, workers[0]); err != nil {
		return err
	}
	if err := measure(d, workers); err != nil {
		return err
	}
	d.stop()
	if rounds, _ := howLong(); rounds == 1 {
		return nil
	}
	return memory(dir, path, workers[0])
}

// startConnector starts a connector to the server, for everybody on this machine.
func startConnector(dir, server string) (url string, stop func(), err error) {
	program, file := filepath.Join(dir, "ldapedge"), filepath.Join(dir, "ldapedge.yaml")
	config := "listen: 127.0.0.1:0\nauth: none\nlimits: {sessions: 1000}\nservers:\n  - {name: dc1, url: '" + server + "'}\n"
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		return "", nil, err
	}
	if err := contest.Steps([]string{"go", "build", "-C", "..", "-o", program, "./native/connector"}); err != nil {
		return "", nil, err
	}
	cmd := exec.Command(program, "serve", "--config", file)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		cmd.Process.Kill()
		cmd.Wait()
	}
	line := make([]byte, 200)
	n, err := out.Read(line)
	if err != nil {
		stop()
		return "", nil, err
	}
	go io.Copy(io.Discard, out)
	said, _, _ := strings.Cut(string(line[:n]), "\n")
	return strings.TrimPrefix(said, "listening "), stop, nil
}

func configuration(connector string) string {
	type object = map[string]any
	text, _ := json.Marshal(object{ // texts and numbers always marshal
		"connectors": []object{{"name": "lan", "url": connector}},
		"servers":    []object{{"name": "dc1", "connector": "lan"}},
		"schemas":    []object{{"name": "ad", "offline": "AD_2012_R2"}},
		"lookups": []object{{
			"name": "person", "pool": "dc1", "base": "ou=people," + testserver.Suffix, "filter": "(uid={uid})", "attributes": []string{"uid", "cn", "mail", "uidNumber"},
		}},
		"grants": []object{{"anonymous": true, "schemas": []string{"ad"}, "lookups": []string{"*"}, "requestsPerMinute": 100_000_000}},
	})
	return string(text)
}

// build makes the Workers that there are to compare with, and returns all: ours first.
func build(dir, connector string) ([]*worker, error) {
	root, err := filepath.Abs("..")
	if err != nil {
		return nil, err
	}
	ours, hello, plain := filepath.Join(root, "dist/worker"), filepath.Join(dir, "hello"), filepath.Join(dir, "plain")
	second := filepath.Join(ours, "second")
	if err := contest.Steps(
		[]string{"go", "run", "-C", "..", "github.com/syumai/workers/cmd/workers-assets-gen", "-mode=go", "-o", hello},
		[]string{"env", "GOOS=js", "GOARCH=wasm", "go", "build", "-o", filepath.Join(hello, "app.wasm"), "./worker/hello"},
	); err != nil {
		return nil, err
	}
	if err := writePlain(plain); err != nil {
		return nil, err
	}
	bound := fmt.Sprintf("(name = \"LDAPEDGE_CONFIG\", text = %q)", configuration(connector))
	return []*worker{
		{name: "ldapedge", folder: ours, main: "worker.mjs", bindings: bound},
		{name: "ldapedge, connections kept", folder: ours, main: "worker.mjs", bindings: bound, objects: true},
		{name: "the same on syumai/workers", folder: second, main: "worker.mjs", bindings: bound},
		{name: "syumai/workers, hello", folder: hello, main: "worker.mjs"},
		{name: "plain JavaScript", folder: plain, main: "worker.mjs"},
	}, nil
}

// writePlain writes a Worker that has the answers as objects.
func writePlain(folder string) error {
	set, err := offline.Load("AD_2012_R2")
	if err != nil {
		return err
	}
	prepared := map[string]*view.Definition{}
	for _, name := range names {
		prepared["/schema/ad/objectClasses/"+name], _ = view.Show(set.Schema, "objectClasses", name, 1)
	}
	text, err := json.Marshal(prepared)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	script := "const prepared = " + string(text) + `;
export default {
	async fetch(request) {
		const found = prepared[new URL(request.url).pathname];
		return found ? Response.json(found) : new Response("not found", { status: 404 });
	},
};
`
	return os.WriteFile(filepath.Join(folder, "worker.mjs"), []byte(script), 0o600)
}

// first prints how long the first request takes, after which nothing is new.
func first(d *workerd, w *worker) error {
	begun := time.Now()
	if err := ask(http.DefaultClient, w.url+"/schema/ad/objectClasses/user", `"user"`); err != nil {
		return err
	}
	fmt.Printf("first request: %.0f ms, %.0f ms after the start of workerd\n", ms(time.Since(begun)), ms(time.Since(d.began)))
	return nil
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// task is what Workers are asked.
type task struct {
	title string
	path  func(n int) string
	want  string
	who   []string
}

func measure(d *workerd, workers []*worker) error {
	rounds, lasting := howLong()
	schema := func(n int) string { return "/schema/ad/objectClasses/" + names[n%len(names)] }
	for _, t := range []task{
		{"schema look-ups, warm", schema, `"collection":"objectClasses"`, []string{"ldapedge", "the same on syumai/workers", "plain JavaScript", "syumai/workers, hello"}},
		{"live look-ups of one entry", func(n int) string { return "/lookup/person?uid=person" + strconv.Itoa(n%people) }, `"complete":true`,
			[]string{"ldapedge", "ldapedge, connections kept", "the same on syumai/workers"}},
	} {
		fmt.Printf("\n%s, %d clients, %d rounds of %v\n", t.title, clients, rounds, lasting)
		turns := map[string][]turn{}
		for range rounds + 1 {
			for _, name := range t.who {
				w := workers[slices.IndexFunc(workers, func(w *worker) bool { return w.name == name })]
				path, want := t.path, t.want
				if strings.HasSuffix(name, "hello") {
					path, want = func(int) string { return "/hello" }, "Hello!"
				}
				one, err := load(d, w.url, path, want, lasting)
				if err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
				turns[name] = append(turns[name], one)
			}
		}
		for _, name := range t.who {
			counted := turns[name][1:] // the first is to warm up
			requests := median(counted, func(t turn) float64 { return t.requests })
			cpu := median(counted, func(t turn) float64 { return t.cpu })
			base := median(turns[t.who[0]][1:], func(t turn) float64 { return t.requests })
			fmt.Printf("%-28s %8.0f requests/s (%.2f of the first) %7.3f ms of CPU each\n", name, requests, requests/base, cpu)
		}
	}
	return nil
}

func median(turns []turn, of func(turn) float64) float64 {
	var all []float64
	for _, t := range turns {
		all = append(all, of(t))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// memory prints the WebAssembly memory after 10,000 requests of both kinds.
func memory(dir, program string, like *worker) error {
	const requests = 10_000
	w := &worker{name: "forced", folder: filepath.Join(dir, "forced"), main: "worker.mjs", bindings: like.bindings}
	script := "cd .. && . build/lib.sh; set -e; worker_folder " + w.folder + " integration/worker/forced.ts -tags forced"
	if err := contest.Steps([]string{"bash", "-c", script}); err != nil {
		return err
	}
	d, err := serve(dir, program, []*worker{w})
	if err != nil {
		return err
	}
	defer d.stop()
	for n := range requests {
		path := "/schema/ad/objectClasses/" + names[n%len(names)]
		if n%2 == 0 {
			path = "/lookup/person?uid=person" + strconv.Itoa(n%people)
		}
		if err := ask(http.DefaultClient, w.url+path, ""); err != nil {
			return err
		}
	}
	answer, err := http.Get(w.url + "/forced/none")
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	var says struct{ Started, Memory int }
	if err := json.NewDecoder(answer.Body).Decode(&says); err != nil {
		return err
	}
	fmt.Printf("\nWebAssembly memory after %d requests: %.1f MiB, instances started: %d\n", requests, float64(says.Memory)/(1<<20), says.Started)
	return nil
}
