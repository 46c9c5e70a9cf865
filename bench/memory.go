package main

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"time"
)

// peak runs a command and returns the most memory that it held, in MB, and its
// time. The kernel's mark is read every millisecond while it runs: what it tells of
// an ended process (ru_maxrss) counts the memory of whoever started it, too.
func peak(cmd *exec.Cmd) (mb float64, took time.Duration, err error) {
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, 0, err
	}
	ended := make(chan error)
	go func() { ended <- cmd.Wait() }()
	for tick := time.Tick(time.Millisecond); ; {
		select {
		case err := <-ended:
			if err != nil {
				return 0, 0, fmt.Errorf("%s: %w: %s", filepath.Base(cmd.Path), err, complaint.String())
			}
			return mb, time.Since(begun), nil
		case <-tick:
			mb = max(mb, memory(cmd.Process.Pid, "VmHWM:"))
		}
	}
}

// memory is what the kernel says of a process under that label, in MB.
func memory(pid int, label string) (mb float64) {
	fmt.Sscanf(after(fmt.Sprintf("/proc/%d/status", pid), label), "%f", &mb)
	return mb * 1024 / 1e6 // Linux counts KiB
}
