-- The same statements for SQLite and PostgreSQL.

-- +goose Up
CREATE TABLE runs (
	id         TEXT PRIMARY KEY,           -- of the run's own content
	started    TEXT NOT NULL,              -- RFC 3339, UTC, so that text sorts as time
	revision   TEXT NOT NULL,              -- commit, '' where unknown
	branch     TEXT NOT NULL,
	dirty      BOOLEAN NOT NULL,
	machine    TEXT NOT NULL,              -- fingerprint
	host       TEXT NOT NULL,              -- what the machine is, for people
	go_version TEXT NOT NULL,
	libraries  TEXT NOT NULL,              -- JSON object: codec -> library and version
	method     TEXT NOT NULL,
	figures    BIGINT NOT NULL             -- how many rows of figures belong to it
);
CREATE INDEX runs_started ON runs (machine, started);

CREATE TABLE figures (
	run      TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
	position INTEGER NOT NULL,             -- in the run, from 0
	cell     TEXT NOT NULL,
	metric   TEXT NOT NULL,
	est      DOUBLE PRECISION NOT NULL,
	lo       DOUBLE PRECISION,             -- NULL where there is no interval
	hi       DOUBLE PRECISION,
	PRIMARY KEY (run, position),
	UNIQUE (run, cell, metric)
);
CREATE INDEX figures_series ON figures (cell, metric);

-- +goose Down
DROP TABLE figures;
DROP TABLE runs;
