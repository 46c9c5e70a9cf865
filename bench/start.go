package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

const (
	starts   = 5
	lightUse = 30 * time.Second
)

// measureStart measures how long the program takes until it is ready on an
// existing database, and the memory that it then holds.
func measureStart(ctx context.Context, b *bench) (err error) {
	f, err := b.folder(ctx)
	if err != nil {
		return err
	}
	var times []float64
	for range starts {
		p, err := b.start(ctx, f)
		if err != nil {
			return err
		}
		times = append(times, p.ready.Seconds())
		if err := p.stop(); err != nil {
			return err
		}
	}
	b.atMost("start on an existing database, to readyz", median(times), 0.5, seconds)
	p, err := b.start(ctx, f)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	time.Sleep(3 * time.Second)
	b.atMost("memory, idle after the start", memory(p.cmd.Process.Pid, "VmRSS:"), 80, megabytes)
	if err := p.use(ctx, f); err != nil {
		return err
	}
	b.atMost(fmt.Sprintf("memory, after %.0f s of light use", lightUse.Seconds()), memory(p.cmd.Process.Pid, "VmRSS:"), 80, megabytes)
	return nil
}

// process is the program, serving.
type process struct {
	cmd   *exec.Cmd
	url   string
	ready time.Duration // from its start
}

func (b *bench) start(ctx context.Context, f *folder) (*process, error) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := free.Addr().String()
	if err := free.Close(); err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(b.dir, "serve.log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	p := &process{cmd: exec.CommandContext(ctx, b.binary, "serve"), url: "http://" + address}
	p.cmd.Env = append(os.Environ(), "RECOURSE_DATA="+f.path, "RECOURSE_LISTEN="+address)
	p.cmd.Stderr = log
	begun := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	for time.Since(begun) < 30*time.Second {
		if res, err := http.Get(p.url + "/readyz"); err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				p.ready = time.Since(begun)
				return p, nil
			}
		}
		time.Sleep(2 * time.Millisecond)
	}
	said, _ := os.ReadFile(log.Name())
	return nil, errors.Join(fmt.Errorf("the program is not ready after 30 s: %s", said), p.cmd.Process.Kill())
}

func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return p.cmd.Wait()
}

// use signs in and reads now and then: lists, the inspection, a photo, its report.
func (p *process) use(ctx context.Context, f *folder) error {
	c := newClient(p.url)
	if err := c.signIn(ctx); err != nil {
		return err
	}
	at := "/api/v1/inspections/" + f.inspection.ID.String()
	paths := []string{"/api/v1/inspections", at, at + "/photos/" + f.inspection.Photos[0].ID.String() + "/file?size=large", "/api/v1/inspections?state=final", at + "/report?lang=both&edition=internal"}
	for n, begun := 0, time.Now(); time.Since(begun) < lightUse; n++ {
		if _, err := c.do(ctx, "GET", paths[n%len(paths)], nil); err != nil {
			return err
		}
		time.Sleep(200 * time.Millisecond)
	}
	return nil
}
