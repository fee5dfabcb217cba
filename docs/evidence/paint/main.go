// Command paint measures how long the shop's pages take to their first paint in a browser
// that has never seen them:
//
//	go build -o zstdshop . && go run ./docs/evidence/paint ./zstdshop [RUNS]
//
// Every run has a server and a browser profile of its own. What is printed is the browser's
// own Paint Timing, in milliseconds from the beginning of the navigation: medians of the
// runs (5 unless said otherwise), the worst in brackets. Chromium must be installed.
//
// It is evidence, no part of the program.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "paint:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 1 || len(args) > 2 {
		return errors.New("usage: paint PROGRAM [RUNS]")
	}
	runs := 5
	if len(args) == 2 {
		var err error
		if runs, err = strconv.Atoi(args[1]); err != nil || runs < 1 {
			return fmt.Errorf("RUNS is %q: want a number from 1 on", args[1])
		}
	}
	fmt.Println("| | first paint, ms | first contentful paint, ms |")
	fmt.Println("|---|---|---|")
	for _, path := range []string{"/docs", "/"} {
		var first, contentful []float64
		for range runs {
			p, err := cold(args[0], path)
			if err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			first, contentful = append(first, p["first-paint"]), append(contentful, p["first-contentful-paint"])
		}
		fmt.Printf("| `%s` | %s | %s |\n", path, summary(first), summary(contentful))
	}
	return nil
}

// summary is the median, and the worst in brackets.
func summary(v []float64) string {
	slices.Sort(v)
	return fmt.Sprintf("%.0f (%.0f)", v[len(v)/2], v[len(v)-1])
}

// cold opens path once and returns the browser's paint timings by name.
func cold(program, path string) (map[string]float64, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	server := exec.CommandContext(ctx, program, "serve", "--addr", "127.0.0.1:0")
	stdout, err := server.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := server.Start(); err != nil {
		return nil, err
	}
	defer func() {
		cancel()
		_ = server.Wait() // that it was killed
	}()
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("%s serve printed no URL: %w", program, err)
	}
	host, _, _ := strings.Cut(strings.TrimPrefix(line, "http://"), "/")

	browser, end := chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox)...)
	defer end()
	tab, leave := chromedp.NewContext(browser)
	defer leave()
	// The browser itself has started before the page is asked for.
	if err := chromedp.Do(tab, chromedp.Navigate("about:blank"), chromedp.Navigate("http://"+host+path)); err != nil {
		return nil, err
	}
	painted := chromedp.Poll[bool](`performance.getEntriesByName('first-contentful-paint').length > 0`)
	_, err = chromedp.Run(tab, painted)
	for err != nil && strings.Contains(err.Error(), "Cannot find context") { // the page before has just gone
		_, err = chromedp.Run(tab, painted)
	}
	if err != nil {
		return nil, err
	}
	return chromedp.Run(tab, chromedp.Evaluate[map[string]float64](`Object.fromEntries(performance.getEntriesByType('paint').map((e) => [e.name, e.startTime]))`))
}
