package keychain

import (
	"context"
	"errors"
)

// salesforceCLI reads the item with security(1), as the CLI and go-keyring do.
func salesforceCLI(ctx context.Context) (string, error) {
	value, err := OS(WithService("sfdx")).Get(ctx, "local")
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return value, err
}
