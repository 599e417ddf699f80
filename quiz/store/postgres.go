package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgresReaders is the most connections one process reads through.
const postgresReaders = 8

// postgresHandle opens a pool with settings of its own. pgx leaves the password out of its errors.
func postgresHandle(dsn string, connections int, settings map[string]string) (*sql.DB, string, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, "", fmt.Errorf("the database address is not understood: %w", err)
	}
	for name, value := range settings {
		config.RuntimeParams[name] = value
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, config.Database + " on " + config.Host, nil
}

// openPostgres opens one connection for the group commit and a pool for reading. What a role or a server sets by
// default must not weaken durability, so synchronous_commit is asked for.
func (s *Store) openPostgres(ctx context.Context, dsn string) (err error) {
	s.dialect = postgresDialect
	var name string
	if s.write, name, err = postgresHandle(dsn, 1, map[string]string{"synchronous_commit": "on"}); err != nil {
		return err
	}
	if err := s.migrate(ctx, name); err != nil {
		return err
	}
	return s.readPostgres(ctx, dsn)
}

func (s *Store) readPostgres(ctx context.Context, dsn string) (err error) {
	s.dialect = postgresDialect
	var name string
	if s.read, name, err = postgresHandle(dsn, postgresReaders, map[string]string{"default_transaction_read_only": "on"}); err != nil {
		return err
	}
	_, err = s.schema(ctx, s.read, name)
	return err
}
