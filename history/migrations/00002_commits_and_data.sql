-- The same statements for SQLite and PostgreSQL.

-- +goose Up
ALTER TABLE runs ADD COLUMN committed TEXT NOT NULL DEFAULT '';  -- when the commit was made, as started; '' where unknown
ALTER TABLE figures ADD COLUMN data TEXT NOT NULL DEFAULT '';    -- digest of what the cell worked on; '' where unknown

-- +goose Down
ALTER TABLE figures DROP COLUMN data;
ALTER TABLE runs DROP COLUMN committed;
