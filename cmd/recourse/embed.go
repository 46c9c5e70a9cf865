package main

// The binary stands alone, also in an image that holds nothing else: it brings time zones and, where the system has none, CA roots.
import (
	_ "time/tzdata"

	_ "golang.org/x/crypto/x509roots/fallback"
)
