-- What a cluster keeps in PostgreSQL: who is a member, what has to be woken, and the state of grains.
--
-- The ADO.NET providers of Orleans know no table but OrleansQuery. They look their statements up there by key, bind
-- parameters by name and read columns by name, so those names are given; the tables behind them are ours.

CREATE TABLE IF NOT EXISTS OrleansQuery
(
    QueryKey  text PRIMARY KEY,
    QueryText text NOT NULL
);

-- Membership ---------------------------------------------------------------------------------------------------------
-- One row for each cluster: every change of its members moves the version from exactly the one that the writer has read.

CREATE TABLE IF NOT EXISTS cluster
(
    id         text PRIMARY KEY,
    version    integer NOT NULL DEFAULT 0,
    changed_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS cluster_silo
(
    cluster_id    text NOT NULL REFERENCES cluster (id),
    address       text NOT NULL,
    port          integer NOT NULL,
    generation    integer NOT NULL,
    name          text NOT NULL,
    host          text NOT NULL,
    status        integer NOT NULL,
    gateway_port  integer,
    suspicions    text,
    started_at    timestamptz NOT NULL,
    alive_at      timestamptz NOT NULL,
    PRIMARY KEY (cluster_id, address, port, generation)
);

-- Reminders ----------------------------------------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS reminder
(
    service_id text NOT NULL,
    grain_id   text NOT NULL,
    name       text NOT NULL,
    start_at   timestamptz NOT NULL,
    period_ms  bigint NOT NULL,
    grain_hash integer NOT NULL,
    version    integer NOT NULL DEFAULT 0,
    PRIMARY KEY (service_id, grain_id, name)
);

-- Each silo reads the part of the ring of hashes that it owns.
CREATE INDEX IF NOT EXISTS reminder_by_hash ON reminder (service_id, grain_hash);

-- Grain state --------------------------------------------------------------------------------------------------------
-- The key is unique, so two activations that both believe to be the first cannot both write. It begins with the hashes:
-- comparing two keys nearly always ends after the first integer, however long the names are. Updates change no indexed
-- column, and a page keeps room for the next version of a row: a write touches one index page and one table page whether
-- there are a hundred rows or a million.

CREATE TABLE IF NOT EXISTS grain_state
(
    id_hash    integer NOT NULL,
    type_hash  integer NOT NULL,
    id_n0      bigint NOT NULL,
    id_n1      bigint NOT NULL,
    id_key     text NOT NULL DEFAULT '',
    type       text NOT NULL,
    service_id text NOT NULL,
    version    integer NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now(),
    payload    bytea,
    PRIMARY KEY (id_hash, type_hash, id_n0, id_n1, id_key, type, service_id)
)
WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
