package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/journal"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/ledger"
)

// moving is one run of the store move command.
type moving struct {
	*storing
	to     string
	ledger *ledger.Ledger
	inUse  choice
	state  string
	source *place
	target *place
	opened []func() // what is to be closed, in the order of opening
}

func (m *moving) close() {
	for _, closeIt := range slices.Backward(m.opened) {
		closeIt()
	}
}

// open gets what the move works with, and keeps others from using it.
func (m *moving) open(ctx context.Context) ([]tokens.Org, error) {
	var err error
	if m.state, err = m.stateFolder(); err != nil {
		return nil, err
	}
	l, closeLedger, err := m.openLedger(ctx)
	if err != nil {
		return nil, err
	}
	m.opened = append(m.opened, closeLedger)
	free, err := m.lockChoice(ctx, true)
	if err != nil {
		return nil, err
	}
	m.opened = append(m.opened, free)
	if m.inUse, err = m.pinned(); err != nil {
		return nil, err
	}
	m.ledger = l
	m.source = m.at(choice{store: other(m.to)}, m.state)
	m.target = m.at(choice{store: m.to}, m.state)
	return l.Orgs(ctx)
}

func (m *moving) run(ctx context.Context) error {
	orgs, err := m.open(ctx)
	if err != nil {
		return err
	}
	if m.nothingLeft(ctx, orgs) {
		return m.answer(0)
	}
	if len(orgs) == 0 {
		if _, err := m.requireTarget(ctx); err != nil {
			return err
		}
		if err := m.pin(m.to, ""); err != nil {
			return err
		}
		return m.answer(0)
	}
	if ctx, err = m.requireStore(ctx, m.source); err != nil {
		return err
	}
	if ctx, err = m.requireTarget(ctx); err != nil {
		return err
	}
	k := m.keeperAt(m.source, m.ledger, m.state, duty{})
	moved, err := k.Move(ctx, keeper.Move{
		To: m.target.secrets, Journal: journal.Open(m.target.journal), InUse: m.inUse.store == m.to,
		Commit: m.commit, Progress: m.progress,
	})
	if err != nil {
		return m.halted(ctx, err)
	}
	if err := m.pin(m.to, ""); err != nil {
		return err
	}
	return m.answer(moved)
}

// nothingLeft reports whether the tokens are where they are wanted, and as far
// as can be told without a question nothing is in the other store.
func (m *moving) nothingLeft(ctx context.Context, orgs []tokens.Org) bool {
	if m.inUse.store != m.to || m.inUse.leaving != "" {
		return false
	}
	err := m.source.secrets.Probe(ctx)
	if m.source.asksPassphrase() && m.isGiven() && errors.Is(err, keychain.ErrLocked) {
		err = m.openVault(ctx, m.source)
	}
	if err != nil {
		return true
	}
	for _, org := range orgs {
		if _, err := m.source.secrets.Get(ctx, string(org.Key)); !errors.Is(err, keychain.ErrNotFound) {
			return false
		}
	}
	return true
}

// requireTarget makes sure that the tokens can be put where they are to go.
func (m *moving) requireTarget(ctx context.Context) (context.Context, error) {
	if m.target.vault == nil || !errors.Is(m.target.secrets.Probe(ctx), keychain.ErrNoVault) {
		return m.requireStore(ctx, m.target)
	}
	if err := m.makeVault(ctx, m.target); err != nil {
		return ctx, err
	}
	m.say("Made a vault in %s.", m.target.folder)
	return ctx, nil
}

// commit writes down that the target is in use, and that the source is not
// empty yet.
func (m *moving) commit() error {
	if err := m.pin(m.to, other(m.to)); err != nil {
		return err
	}
	m.say("All tokens are in %s, read back and compared. From now on orgkeep uses it.", m.target.name())
	return nil
}

func (m *moving) progress(step keychain.MoveStep, alias string) {
	switch step {
	case keychain.MoveCopied:
		m.say("%s: copied to %s.", alias, m.target.name())
	case keychain.MoveDeleted:
		m.say("%s: deleted from %s.", alias, m.source.name())
	case keychain.MoveVerified: // of which commit speaks
	}
}

// halted says that the move can be run again.
func (m *moving) halted(ctx context.Context, err error) error {
	if errors.Is(err, keeper.ErrMoveBusy) || errors.Is(err, keeper.ErrMoveWaiting) {
		return err
	}
	code := codeOf(err)
	if ctx.Err() != nil {
		err, code = errors.New("the move was interrupted"), exitFailed
	}
	return &exit{code: code, err: fmt.Errorf("%w; nothing is lost, and orgkeep store move %s goes on with the rest", err, m.to)}
}

func (m *moving) answer(moved int) error {
	if text := m.env("ORGKEEP_STORE"); text != "" && text != m.to {
		m.say("ORGKEEP_STORE still says %s, and goes before the choice that was made here.", text)
	}
	if m.asJSON {
		return writeJSON(m.Out, struct {
			Version int    `json:"version"`
			Store   string `json:"store"`
			Moved   int    `json:"moved"`
		}{documentVersion, m.to, moved})
	}
	switch {
	case moved == 0 && m.inUse.store == m.to:
		return m.print("The tokens are in " + m.target.name() + " already.")
	case moved == 0:
		return m.print("There was nothing to move. From now on orgkeep keeps the tokens in " + m.target.name() + ".")
	case moved == 1:
		return m.print("Moved the tokens of 1 org from " + m.source.name() + " to " + m.target.name() + ".")
	}
	return m.print("Moved the tokens of " + strconv.Itoa(moved) + " orgs from " + m.source.name() + " to " + m.target.name() + ".")
}
