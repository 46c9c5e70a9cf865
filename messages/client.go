package messages

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// Bounds of a reply and of a request's time.
const (
	maxReply   = 64 << 10
	maxSending = 15 * time.Second
)

// reserved are networks that no message may reach beside the private ones:
// shared address space, benchmarks, documentation, 6to4 and NAT64 of any target.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("2001:db8::/32"),
}

// public reports whether a message may be sent to the address.
func public(ip netip.Addr) bool {
	ip = ip.Unmap()
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() {
		return false
	}
	for _, p := range reserved {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}

// newClient is the only way out by HTTP: the address is checked when it is
// dialled, after the name was resolved; no redirect is followed; no proxy.
func newClient(allowPrivate bool) *http.Client {
	dialer := &net.Dialer{Timeout: 5 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		a, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		if !allowPrivate && !public(a.Addr()) {
			return fmt.Errorf("%s is a private address", a.Addr())
		}
		return nil
	}}
	return &http.Client{
		Timeout:       maxSending,
		Transport:     &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: 5 * time.Second, MaxIdleConnsPerHost: 2, IdleConnTimeout: 30 * time.Second, ForceAttemptHTTP2: true, MaxResponseHeaderBytes: 32 << 10},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// post sends a JSON body and gives the reply's first bytes; any status but 2xx is an error.
func (o *Outbox) post(ctx context.Context, url string, body []byte, header map[string]string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("the address is not one")
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("User-Agent", "Recourse")
	for k, v := range header {
		req.Header.Set(k, v)
	}
	res, err := o.client.Do(req)
	if err != nil {
		return nil, withoutURL(err)
	}
	defer res.Body.Close()
	reply, err := io.ReadAll(io.LimitReader(res.Body, maxReply))
	if err != nil {
		return nil, withoutURL(err)
	}
	if res.StatusCode/100 != 2 {
		return reply, fmt.Errorf("the receiver answered %d", res.StatusCode)
	}
	return reply, nil
}

// withoutURL takes the address out of an error: a robot's holds its key.
func withoutURL(err error) error {
	type inner interface{ Unwrap() error }
	if u, ok := err.(inner); ok && u.Unwrap() != nil {
		return u.Unwrap()
	}
	return err
}
