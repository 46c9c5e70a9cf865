package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// peak runs a command and returns the most memory that it held, in MB, and its time.
func peak(cmd *exec.Cmd) (mb float64, took time.Duration, err error) {
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	begun := time.Now()
	if err := cmd.Run(); err != nil {
		return 0, 0, fmt.Errorf("%s: %w: %s", filepath.Base(cmd.Path), err, complaint.String())
	}
	return resident(cmd.ProcessState), time.Since(begun), nil
}

// resident is the most memory that an ended process held, in MB.
func resident(p *os.ProcessState) float64 {
	if usage, ok := p.SysUsage().(*syscall.Rusage); ok {
		return float64(usage.Maxrss) * 1024 / 1e6 // Linux counts KiB
	}
	return 0
}

// residentNow is the memory that a running process holds, in MB.
func residentNow(pid int) (mb float64) {
	fmt.Sscanf(after(fmt.Sprintf("/proc/%d/status", pid), "VmRSS:"), "%f", &mb)
	return mb * 1024 / 1e6
}
