package ledger

import "context"

// Version returns a number that changes when somebody else changes the ledger:
// another process, or another Ledger on the same file. What is written here does
// not change it (sqlite.org/pragma.html#pragma_data_version). Errors wrap
// ErrUnusable.
func (l *Ledger) Version(ctx context.Context) (int64, error) {
	var version int64
	if err := l.db.QueryRowContext(ctx, `PRAGMA data_version`).Scan(&version); err != nil {
		return 0, l.explain("asking whether the ledger has changed", misread(err))
	}
	return version, nil
}
