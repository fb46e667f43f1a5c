package transfer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"orgkeep/tokens"
)

// Variable is one variable of a program's environment. Its value may be a secret.
type Variable struct {
	Name  string
	Value tokens.Secret
}

// VariableNames are the names that Variables gives values to, in its order.
//
// SF_ACCESS_TOKEN and SF_INSTANCE_URL are what CumulusCI gives to commands
// (cumulusci/tasks/command.py, SalesforceCommand), and what scripts follow.
// The Salesforce CLI reads SF_ACCESS_TOKEN (sf org login access-token) and
// SF_ORG_INSTANCE_URL, and their names of before, SFDX_ACCESS_TOKEN and
// SFDX_INSTANCE_URL (forcedotcom/sfdx-core, src/config/envVars.ts). Its target org
// is not among them: sf takes a token as SF_TARGET_ORG too, and then prints it as
// the username.
func VariableNames() []string {
	return []string{"SF_ACCESS_TOKEN", "SF_INSTANCE_URL", "SF_ORG_INSTANCE_URL", "SFDX_ACCESS_TOKEN", "SFDX_INSTANCE_URL"}
}

// Variables returns what another program needs to call the org: its access token
// and its host, under every name of VariableNames.
func Variables(org tokens.Org, s tokens.Secrets) []Variable {
	var variables []Variable
	for _, name := range VariableNames() {
		v := Variable{Name: name, Value: s.AccessToken}
		if strings.HasSuffix(name, "_URL") {
			v.Value = tokens.NewSecret(org.InstanceURL)
		}
		variables = append(variables, v)
	}
	return variables
}

// EnvFormat says how variables are written down.
type EnvFormat string

// The formats.
const (
	EnvShell  EnvFormat = "shell"  // export lines, for eval in a POSIX shell
	EnvDotenv EnvFormat = "dotenv" // the lines of a .env file
	EnvJSON   EnvFormat = "json"   // one object, names to values
)

// ErrDotenv marks a value that the readers of .env files would not agree on.
var ErrDotenv = errors.New("the value has characters that readers of .env files take in different ways")

// FormatEnv writes the variables down in the clear, ended by a line end. The
// error wraps ErrDotenv and names the variable.
func FormatEnv(format EnvFormat, variables []Variable) (string, error) {
	if format == EnvJSON {
		return envJSON(variables)
	}
	var out strings.Builder
	for _, v := range variables {
		line := "export " + v.Name + "=" + shellQuoted(v.Value.Reveal())
		if format == EnvDotenv {
			value, err := dotenvQuoted(v.Value.Reveal())
			if err != nil {
				return "", fmt.Errorf("%s: %w", v.Name, err)
			}
			line = v.Name + "=" + value
		}
		out.WriteString(line + "\n")
	}
	return out.String(), nil
}

// shellQuoted quotes a value for a POSIX shell (section 2.2.2, single quotes): in
// them nothing is special but the quote itself.
func shellQuoted(value string) string {
	return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
}

// plainInDotenv are the characters that no reader of .env files takes for more
// than themselves.
const plainInDotenv = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:/!@%+,=-~?"

// dotenvQuoted quotes a value for a .env file. Its readers differ: docker takes
// quotes as they are, so what needs none gets none; the others (dotenv of
// Node.js, python-dotenv, dotenv of Ruby) take what is in single quotes as it is,
// and have no common way to write a single quote or a line end.
func dotenvQuoted(value string) (string, error) {
	switch {
	case strings.Trim(value, plainInDotenv) == "":
		return value, nil
	case strings.ContainsAny(value, "'\n\r\\"):
		return "", ErrDotenv
	}
	return "'" + value + "'", nil
}

// envJSON is one object with the names in their order.
func envJSON(variables []Variable) (string, error) {
	var fields object
	for _, v := range variables {
		fields.set(v.Name, v.Value.Reveal())
	}
	var out bytes.Buffer
	if err := fields.write(&out); err != nil {
		return "", err
	}
	return out.String(), nil
}

// object is a JSON object whose names have an order.
type object []field

type field struct {
	name  string
	value json.RawMessage
}

// set gives a name a text, where it stands or at the end.
func (o *object) set(name, text string) {
	value, err := marshalText(text)
	if err != nil {
		value = []byte(`""`) // a string can always be written
	}
	for i := range *o {
		if f := &(*o)[i]; f.name == name {
			if number(f.value) && number([]byte(text)) {
				value = []byte(text) // as the program that reads it expects
			}
			f.value = value
			return
		}
	}
	*o = append(*o, field{name, value})
}

// has reports whether a name has a value that says something.
func (o *object) has(name string) bool {
	return slices.ContainsFunc(*o, func(f field) bool { return f.name == name && string(f.value) != `""` && string(f.value) != "null" })
}

func number(raw []byte) bool {
	return len(raw) > 0 && strings.Trim(string(raw), "0123456789") == ""
}

// marshalText writes a text as JSON that stays readable: it is no part of a page.
func marshalText(text string) (json.RawMessage, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		return nil, fmt.Errorf("writing JSON: %w", err)
	}
	return bytes.TrimSpace(out.Bytes()), nil
}

// write writes the object indented by two blanks, ended by a line end.
func (o *object) write(out *bytes.Buffer) error {
	compact := []byte{'{'}
	for i, f := range *o {
		name, err := marshalText(f.name)
		if err != nil {
			return err
		}
		if i > 0 {
			compact = append(compact, ',')
		}
		compact = append(append(append(compact, name...), ':'), f.value...)
	}
	compact = append(compact, '}')
	if err := json.Indent(out, compact, "", "  "); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	out.WriteByte('\n')
	return nil
}
