// Package migrations holds the schema as reviewable SQL, one folder per dialect
// with the same numbers, forward only. Each step can be repeated: MySQL commits
// DDL at once, so a migration killed midway is run again from its start. It
// answers for nothing but the files; package database runs them.
package migrations

import "embed"

// FS holds mysql/*.sql and sqlite/*.sql in goose's format.
//
//go:embed mysql/*.sql sqlite/*.sql
var FS embed.FS
