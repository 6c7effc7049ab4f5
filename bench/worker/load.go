package main

import (
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// clients are how many ask at a time.
const clients = 20

// turn is what came of one turn.
type turn struct {
	requests float64 // a second
	cpu      float64 // milliseconds of workerd a request
}

// load has clients ask for a time; path says what each asks for, by its number.
func load(d *workerd, url string, path func(n int) string, want string, lasting time.Duration) (t turn, err error) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients, DisableCompression: true}}
	defer client.CloseIdleConnections()
	before, err := d.cpu()
	if err != nil {
		return t, err
	}
	var asked atomic.Int64
	var failed error
	var once sync.Once
	var all sync.WaitGroup
	begun := time.Now()
	for range clients {
		all.Go(func() {
			for time.Since(begun) < lasting {
				if err := ask(client, url+path(int(asked.Add(1))), want); err != nil {
					once.Do(func() { failed = err })
					return
				}
			}
		})
	}
	all.Wait()
	took := time.Since(begun)
	after, err := d.cpu()
	n := float64(asked.Load())
	if failed != nil {
		err = failed
	}
	return turn{n / took.Seconds(), float64(after-before) / float64(time.Millisecond) / n}, err
}

// ask asks once; the answer must have something in it.
func ask(client *http.Client, url, want string) error {
	answer, err := client.Get(url)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK || !contains(body, want) {
		return fmt.Errorf("%s: %s: %.300s", url, answer.Status, body)
	}
	return nil
}
