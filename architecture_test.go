// Package recourse_test holds what is true of the whole source: which package may know which, and what no file may contain.
package recourse_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// below lists, for each package, the ones of ours it may import. A new package has to find its place here.
var below = map[string][]string{
	"cmd/recourse": {"*"},
	"bench":        {"*"},
	"server":       {"documents", "sheets", "recovery", "claims", "messages", "inspections", "contracts", "sampling", "scorecards", "independence", "reports", "auth", "files", "web", "audit", "wire", "database", "models"},
	"cases":        {"recovery", "claims", "inspections", "contracts", "sampling", "auth", "files", "audit", "wire", "database", "models"},
	"documents":    {"scorecards", "recovery", "claims", "inspections", "contracts", "reports", "files", "messages", "sampling", "audit", "database", "models"},
	"sheets":       {"claims", "contracts", "files", "wire", "database", "models"},
	"demo":         {"cases", "scorecards", "recovery", "claims", "inspections", "contracts", "sampling", "auth", "files", "audit", "wire", "database", "models"},
	"recovery":     {"claims", "inspections", "contracts", "messages", "sampling", "audit", "wire", "database", "models"},
	"claims":       {"inspections", "contracts", "messages", "sampling", "audit", "wire", "database", "models"},
	"messages":     {"audit", "wire", "database", "models"},
	"inspections":  {"contracts", "messages", "sampling", "audit", "wire", "database", "models"},
	"contracts":    {"sampling", "audit", "wire", "database", "models"},
	"scorecards":   {"recovery", "claims", "inspections", "contracts", "sampling", "audit", "wire", "database", "models"},
	"independence": {"inspections", "files", "audit", "database", "models", "sampling"},
	"auth":         {"audit", "wire", "database", "models"},
	"files":        {"audit", "wire", "database", "models"},
	"audit":        {"database", "models"},
	"database":     {"migrations", "models"},
	"reports":      {"sampling", "models"},
	"wire":         {"models"},
	"models":       {},
	"sampling":     {},
	"migrations":   {},
	"web":          {},

	// Packages that only tests import.
	"database/databasetest":   {"database", "models"},
	"contracts/contractstest": {"contracts", "database/databasetest", "database", "models"},
	"docker":                  {},
}

// only lists libraries that a few packages alone may know.
var only = map[string][]string{
	"github.com/jung-kurt/gofpdf":    {"reports"},
	"github.com/pdfcpu/pdfcpu":       {"reports"},
	"github.com/gin-gonic/gin":       {"server"},
	"gorm.io/driver/mysql":           {"database"},
	"gorm.io/driver/sqlite":          {"database"},
	"modernc.org/sqlite":             {"database"},
	"github.com/pressly/goose/v3":    {"database"},
	"github.com/spf13/cobra":         {"cmd/recourse"},
	"github.com/minio/minio-go/v7":   {"files"},
	"golang.org/x/crypto/argon2":     {"auth"},
	"github.com/xuri/excelize/v2":    {"sheets"},
	"github.com/boombuler/barcode":   {"reports"},
	"github.com/caarlos0/env/v11":    {"cmd/recourse"},
	"github.com/gen2brain/heic":      {"files"},
	"github.com/swaggest/openapi-go": {"server"},
}

type goPackage struct {
	ImportPath, Dir, Name string
	GoFiles               []string
	Imports               []string
}

// ours returns the module's packages, keyed by path below the module; the root itself, which holds only this test, is left out.
func ours(t *testing.T) map[string]goPackage {
	t.Helper()
	list := exec.Command("go", "list", "-json=ImportPath,Dir,Name,GoFiles,Imports", "./...")
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	packages := map[string]goPackage{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		if short, ok := strings.CutPrefix(p.ImportPath, "recourse/"); ok {
			packages[short] = p
		}
	}
	return packages
}

func TestImportsPointDownOnly(t *testing.T) {
	for name, p := range ours(t) {
		allowed, known := below[name]
		if !known {
			t.Errorf("package %s has no place in the table: say what it may import", name)
			continue
		}
		for _, path := range p.Imports {
			short, our := strings.CutPrefix(path, "recourse/")
			if our && !slices.Contains(allowed, short) && !slices.Contains(allowed, "*") {
				t.Errorf("%s imports %s; it may import %v", name, short, allowed)
			}
			for library, by := range only {
				if (path == library || strings.HasPrefix(path, library+"/")) && !slices.Contains(by, name) {
					t.Errorf("%s imports %s; only %v may", name, path, by)
				}
			}
			if path == "database/sql" && (name == "server" || name == "reports" || name == "sampling") {
				t.Errorf("%s imports %s; queries live in the domain packages", name, path)
			}
			if path == "net/http" && slices.Contains([]string{"recovery", "claims", "inspections", "contracts", "scorecards", "independence", "database", "reports", "models", "sampling"}, name) {
				t.Errorf("%s imports %s; only server knows HTTP", name, path)
			}
		}
	}
}

func TestPackageComments(t *testing.T) {
	for name, p := range ours(t) {
		if len(p.GoFiles) == 0 {
			continue
		}
		commented := false
		for _, file := range p.GoFiles {
			parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, file), nil, parser.PackageClauseOnly|parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			commented = commented || parsed.Doc != nil
		}
		if !commented {
			t.Errorf("package %s has no comment: say what it answers for, what not, and its invariant", name)
		}
	}
}

// TestServerHoldsNoQuery: a handler hands the transaction on; it doesn't ask the database itself.
func TestServerHoldsNoQuery(t *testing.T) {
	query := regexp.MustCompile(`gorm\.G\[|\.(Where|Raw|Exec|Pluck|Updates|UpdateColumn|Preload|Joins)\(`)
	for _, file := range ours(t)["server"].GoFiles {
		source, err := os.ReadFile(filepath.Join("server", file))
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(source), "\n") {
			if found := query.FindString(line); found != "" {
				t.Errorf("server/%s:%d: %q asks the database; move it to the package whose table it is", file, i+1, found)
			}
		}
	}
}

// longFile tells which files may pass the limit of lines: printed tables and generated code.
func longFile(path string) bool {
	return strings.Contains(filepath.Base(path), "table") || strings.HasSuffix(path, "_gen.go")
}

func TestSource(t *testing.T) {
	const limit = 400
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != "." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules" || entry.Name() == "testdata"):
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(path, ".go"):
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if lines := strings.Count(string(source), "\n"); lines > limit && !longFile(path) {
			t.Errorf("%s has %d lines, want at most %d: cut it by subject", path, lines, limit)
		}
		files := token.NewFileSet()
		parsed, err := parser.ParseFile(files, path, source, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(parsed, func(node ast.Node) bool {
			if use, ok := node.(*ast.SelectorExpr); ok {
				if why := forbidden(use); why != "" {
					t.Errorf("%s: %s: %s", files.Position(use.Pos()), use.Sel.Name, why)
				}
			}
			return true
		})
		if !strings.HasSuffix(path, "_test.go") {
			for _, name := range undocumented(parsed) {
				t.Errorf("%s: exported %s has no comment", path, name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// forbidden says why a name may not be used, or nothing.
func forbidden(use *ast.SelectorExpr) string {
	of := ""
	if x, ok := use.X.(*ast.Ident); ok {
		of = x.Name
	}
	switch name := use.Sel.Name; {
	case name == "MultiCell" || name == "SplitText" || name == "SplitLines":
		return "it loses a Chinese character at each line break; lay out lines in reports"
	case name == "AutoMigrate" || name == "FirstOrCreate":
		return "the schema is in migrations, and a missing row is an error"
	case of == "gorm" && name == "Model":
		return "it brings soft delete and numeric keys"
	case strings.HasPrefix(name, "Skip") && slices.Contains([]string{"t", "b", "f", "tb"}, of):
		return "a test that can't run fails"
	}
	return ""
}

// selfEvident are methods that an interface of the standard library explains.
var selfEvident = []string{"Error", "Unwrap", "String", "MarshalJSON", "UnmarshalJSON", "MarshalText", "UnmarshalText", "Scan", "Value", "Read", "Write", "Close"}

// undocumented returns the exported functions, methods and types of a file that no comment explains.
func undocumented(file *ast.File) []string {
	var names []string
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Name.IsExported() && decl.Doc == nil && exportedReceiver(decl) && !(decl.Recv != nil && slices.Contains(selfEvident, decl.Name.Name)) {
				names = append(names, decl.Name.Name)
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				if spec, ok := spec.(*ast.TypeSpec); ok && spec.Name.IsExported() && decl.Doc == nil && spec.Doc == nil && spec.Comment == nil {
					names = append(names, spec.Name.Name)
				}
			}
		}
	}
	return names
}

func exportedReceiver(decl *ast.FuncDecl) bool {
	if decl.Recv == nil {
		return true
	}
	kind := decl.Recv.List[0].Type
	if star, ok := kind.(*ast.StarExpr); ok {
		kind = star.X
	}
	if index, ok := kind.(*ast.IndexExpr); ok {
		kind = index.X
	}
	name, ok := kind.(*ast.Ident)
	return ok && name.IsExported()
}
