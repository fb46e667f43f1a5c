package keychain

import "context"

// SalesforceCLI returns the key with which the Salesforce CLI encrypts its files,
// where it keeps that in the keychain of the operating system; empty where that
// has none, and always on Windows, where the CLI keeps it in a file
// (@salesforce/core 9.4.0, crypto/keyChainImpl.js). Nothing is written, and a
// locked Secret Service is not asked to open. Errors wrap ErrLocked,
// ErrUnavailable, ErrTimeout or ErrBusy.
func SalesforceCLI(ctx context.Context) (string, error) { return salesforceCLI(ctx) }
