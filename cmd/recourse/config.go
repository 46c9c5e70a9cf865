package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
	"github.com/spf13/cobra"

	"recourse/auth"
	"recourse/database"
	"recourse/files"
	"recourse/models"
	"recourse/server"
)

// config is every setting of the program, each an environment variable. Fields
// tagged secret are redacted and may come from a file named by NAME_FILE.
type config struct {
	Data           string   `env:"RECOURSE_DATA" envDefault:"./data"`
	Listen         string   `env:"RECOURSE_LISTEN" envDefault:"127.0.0.1:8080"`
	DatabaseURL    string   `env:"RECOURSE_DATABASE_URL" secret:"url"`
	FilesURL       string   `env:"RECOURSE_FILES_URL" secret:"url"`
	BaseURL        string   `env:"RECOURSE_BASE_URL"`
	CompanyZH      string   `env:"RECOURSE_COMPANY_NAME_ZH"`
	CompanyEN      string   `env:"RECOURSE_COMPANY_NAME_EN"`
	TimeZone       string   `env:"RECOURSE_TIME_ZONE" envDefault:"Asia/Shanghai"`
	Currency       string   `env:"RECOURSE_CURRENCY" envDefault:"CNY"` // of losses and debit notes
	TrustedProxies []string `env:"RECOURSE_TRUSTED_PROXIES"`
	HEIC           bool     `env:"RECOURSE_HEIC"`
	LogLevel       string   `env:"RECOURSE_LOG_LEVEL" envDefault:"info"`
	SMTPURL        string   `env:"RECOURSE_SMTP_URL" secret:"url"`
	SecretKey      string   `env:"RECOURSE_SECRET_KEY" secret:"all"` // 64 hex digits; default: made once, kept in the data folder
	InsideWebhooks bool     `env:"RECOURSE_PRIVATE_WEBHOOKS"`        // webhooks may go to private addresses and plain http
	SetupCode      string   `env:"RECOURSE_SETUP_CODE" secret:"all"`
	MaxConnections int      `env:"RECOURSE_DATABASE_CONNECTIONS" envDefault:"40"`
	PasswordMemory uint32   `env:"RECOURSE_PASSWORD_MEMORY_KB" envDefault:"65536"`

	location *time.Location
	level    slog.Level
}

// loadConfig reads the environment, refusing what it doesn't know. Mistakes are wrong use.
func loadConfig(environ []string) (*config, error) {
	vars, err := knownVariables(environ)
	if err != nil {
		return nil, usageError{err}
	}
	var c config
	if err := env.ParseWithOptions(&c, env.Options{Environment: vars}); err != nil {
		return nil, usageError{err}
	}
	if err := c.check(); err != nil {
		return nil, usageError{err}
	}
	return &c, nil
}

// settings lists the variables with their fields.
func settings() []reflect.StructField {
	var out []reflect.StructField
	for _, f := range reflect.VisibleFields(reflect.TypeFor[config]()) {
		if f.Tag.Get("env") != "" {
			out = append(out, f)
		}
	}
	return out
}

// knownVariables picks the RECOURSE_ variables and reads the files that _FILE names.
func knownVariables(environ []string) (map[string]string, error) {
	var names []string
	for _, f := range settings() {
		name := f.Tag.Get("env")
		names = append(names, name)
		if f.Tag.Get("secret") != "" {
			names = append(names, name+"_FILE")
		}
	}
	vars := map[string]string{}
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, "RECOURSE_") || strings.HasPrefix(name, "RECOURSE_TEST_") {
			continue
		}
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("%s is not a setting; did you mean %s?", name, nearest(name, names))
		}
		vars[name] = value
	}
	for _, name := range names {
		path, given := vars[name+"_FILE"]
		if !given {
			continue
		}
		if vars[name] != "" {
			return nil, fmt.Errorf("%s and %s_FILE are both set: keep one", name, name)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("%s_FILE: %w", name, err)
		}
		vars[name] = strings.TrimSpace(string(content))
	}
	return vars, nil
}

// nearest is the name with the fewest changed letters.
func nearest(name string, names []string) string {
	return slices.MinFunc(names, func(a, b string) int { return distance(name, a) - distance(name, b) })
}

// distance is Levenshtein's.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}

func (c *config) check() (err error) {
	if c.location, err = time.LoadLocation(c.TimeZone); err != nil {
		return fmt.Errorf("RECOURSE_TIME_ZONE: there is no time zone %q", c.TimeZone)
	}
	if _, known := models.CurrencyPlaces(c.Currency); !known {
		return fmt.Errorf("RECOURSE_CURRENCY is %q: use an ISO 4217 code such as CNY", c.Currency)
	}
	if err := c.level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		return fmt.Errorf("RECOURSE_LOG_LEVEL is %q: use debug, info, warn or error", c.LogLevel)
	}
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		return fmt.Errorf("RECOURSE_LISTEN is %q: use host:port", c.Listen)
	}
	for _, p := range c.TrustedProxies {
		prefix, errNet := netip.ParsePrefix(p)
		_, errAddr := netip.ParseAddr(p)
		if errNet != nil && errAddr != nil || errNet == nil && prefix.Bits() == 0 {
			return fmt.Errorf("RECOURSE_TRUSTED_PROXIES holds %q: name addresses or networks, never everybody", p)
		}
	}
	if c.BaseURL != "" {
		u, err := url.Parse(c.BaseURL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.User != nil {
			return fmt.Errorf("RECOURSE_BASE_URL is %q: use https://host without a path", c.BaseURL)
		}
		c.BaseURL = strings.TrimSuffix(c.BaseURL, "/")
	}
	if c.PasswordMemory < 8 {
		return fmt.Errorf("RECOURSE_PASSWORD_MEMORY_KB is %d: at least 8; 65536 is recommended", c.PasswordMemory)
	}
	if c.SetupCode != "" && len(c.SetupCode) < 12 {
		return fmt.Errorf("RECOURSE_SETUP_CODE is too short: at least 12 characters")
	}
	return c.checkDatabase()
}

// checkDatabase fills in the embedded default.
func (c *config) checkDatabase() error {
	if c.DatabaseURL == "" {
		path, err := filepath.Abs(filepath.Join(c.Data, "recourse.db"))
		if err != nil {
			return err
		}
		c.DatabaseURL = (&url.URL{Scheme: "sqlite", Path: path}).String()
	}
	u, err := url.Parse(c.DatabaseURL)
	if err != nil || u.Scheme != "sqlite" && u.Scheme != "mysql" {
		return fmt.Errorf("RECOURSE_DATABASE_URL: use mysql://user:password@host:port/name, or sqlite:///path")
	}
	return nil
}

// embedded reports whether the database is the one file in the data folder's care.
func (c *config) embedded() bool { return strings.HasPrefix(c.DatabaseURL, "sqlite:") }

// baseURL is where users come; without one, the address that is listened on.
func (c *config) baseURL() string {
	if c.BaseURL != "" {
		return c.BaseURL
	}
	return "http://" + c.Listen
}

func (c *config) server() server.Config {
	cost := auth.DefaultCost
	cost.MemoryKB = c.PasswordMemory
	return server.Config{
		BaseURL: c.baseURL(), TrustedProxies: c.TrustedProxies, Company: models.Text{ZH: c.CompanyZH, EN: c.CompanyEN},
		Location: c.location, Currency: c.Currency, Version: programVersion(), PasswordCost: cost,
	}
}

// open connects to the database as it is, without migrating.
func (c *config) open(ctx context.Context) (*database.DB, error) {
	return database.Open(ctx, database.Config{URL: c.DatabaseURL, MaxConns: c.MaxConnections})
}

// files opens the store of photos and documents: beside the embedded database, or where FilesURL says.
func (c *config) files(ctx context.Context) (*files.Archive, error) {
	where := c.FilesURL
	if where == "" {
		path, err := filepath.Abs(filepath.Join(c.Data, "files"))
		if err != nil {
			return nil, err
		}
		where = (&url.URL{Scheme: "file", Path: path}).String()
	}
	store, err := files.OpenStore(ctx, where)
	if err != nil {
		return nil, err
	}
	return files.NewArchive(store, files.Options{HEIC: c.HEIC}), nil
}

// redacted is a setting's value as it may be shown.
func redacted(f reflect.StructField, value string) string {
	switch kind := f.Tag.Get("secret"); {
	case value == "" || kind == "":
		return value
	case kind == "url":
		u, err := url.Parse(value)
		if err != nil {
			return "(set, not a URL)"
		}
		q := u.Query()
		for name := range q {
			if name != "tls" {
				q.Set(name, "xxxxx")
			}
		}
		u.RawQuery = q.Encode()
		return u.Redacted()
	}
	return "(set)"
}

func configCommand() *cobra.Command {
	return &cobra.Command{
		Use: "config", Short: "Print the settings in force, without secrets", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := loadConfig(os.Environ())
			if err != nil {
				return err
			}
			v := reflect.ValueOf(c).Elem()
			for _, f := range settings() {
				value := fmt.Sprint(v.FieldByIndex(f.Index).Interface())
				if list, is := v.FieldByIndex(f.Index).Interface().([]string); is {
					value = strings.Join(list, ",")
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%s=%s\n", f.Tag.Get("env"), redacted(f, value))
			}
			return nil
		},
	}
}
