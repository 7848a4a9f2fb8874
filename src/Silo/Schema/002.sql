-- The statements of Orleans. A statement that may fail because somebody else was faster is one that changes nothing then:
-- no row for grain state (the provider takes that as a conflict), false for membership.

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES

-- Membership

('InsertMembershipVersionKey', $sql$
    WITH added AS (INSERT INTO cluster (id) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1)
    SELECT count(*) > 0 FROM added
$sql$),

('InsertMembershipKey', $sql$
    WITH turn AS (
        UPDATE cluster SET version = version + 1, changed_at = now()
        WHERE id = @DeploymentId AND version = @Version
          AND NOT EXISTS (
              SELECT FROM cluster_silo
              WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING id),
    added AS (
        INSERT INTO cluster_silo
            (cluster_id, address, port, generation, name, host, status, gateway_port, started_at, alive_at)
        SELECT id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
        FROM turn
        RETURNING 1)
    SELECT count(*) > 0 FROM added
$sql$),

('UpdateMembershipKey', $sql$
    WITH turn AS (
        UPDATE cluster SET version = version + 1, changed_at = now()
        WHERE id = @DeploymentId AND version = @Version
          AND EXISTS (
              SELECT FROM cluster_silo
              WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING id),
    changed AS (
        UPDATE cluster_silo AS silo SET status = @Status, suspicions = @SuspectTimes, alive_at = @IAmAliveTime
        FROM turn
        WHERE silo.cluster_id = turn.id AND address = @Address AND port = @Port AND generation = @Generation
        RETURNING 1)
    SELECT count(*) > 0 FROM changed
$sql$),

('UpdateIAmAlivetimeKey', $sql$
    UPDATE cluster_silo SET alive_at = @IAmAliveTime
    WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$sql$),

-- The cluster's row comes even when it has no member, with nulls for the member.
('MembershipReadAllKey', $sql$
    SELECT c.id AS DeploymentId, s.address AS Address, s.port AS Port, s.generation AS Generation, s.name AS SiloName,
           s.host AS HostName, s.status AS Status, s.gateway_port AS ProxyPort, s.suspicions AS SuspectTimes,
           s.started_at AS StartTime, s.alive_at AS IAmAliveTime, c.version AS Version
    FROM cluster c LEFT JOIN cluster_silo s ON s.cluster_id = c.id
    WHERE c.id = @DeploymentId
$sql$),

('MembershipReadRowKey', $sql$
    SELECT c.id AS DeploymentId, s.address AS Address, s.port AS Port, s.generation AS Generation, s.name AS SiloName,
           s.host AS HostName, s.status AS Status, s.gateway_port AS ProxyPort, s.suspicions AS SuspectTimes,
           s.started_at AS StartTime, s.alive_at AS IAmAliveTime, c.version AS Version
    FROM cluster c LEFT JOIN cluster_silo s
      ON s.cluster_id = c.id AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
    WHERE c.id = @DeploymentId
$sql$),

('GatewaysQueryKey', $sql$
    SELECT address AS Address, gateway_port AS ProxyPort, generation AS Generation
    FROM cluster_silo
    WHERE cluster_id = @DeploymentId AND status = @Status AND gateway_port > 0
$sql$),

-- 3 is Active: an active member is never forgotten, however long it has been silent, only declared dead.
('CleanupDefunctSiloEntriesKey', $sql$
    DELETE FROM cluster_silo WHERE cluster_id = @DeploymentId AND alive_at < @IAmAliveTime AND status <> 3
$sql$),

('DeleteMembershipTableEntriesKey', $sql$
    DELETE FROM cluster_silo WHERE cluster_id = @DeploymentId;
    DELETE FROM cluster WHERE id = @DeploymentId
$sql$),

-- Reminders

('UpsertReminderRowKey', $sql$
    INSERT INTO reminder AS old (service_id, grain_id, name, start_at, period_ms, grain_hash)
    VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash)
    ON CONFLICT (service_id, grain_id, name) DO UPDATE
    SET start_at = excluded.start_at, period_ms = excluded.period_ms, grain_hash = excluded.grain_hash, version = old.version + 1
    RETURNING version AS Version
$sql$),

('ReadReminderRowKey', $sql$
    SELECT grain_id AS GrainId, name AS ReminderName, start_at AS StartTime, period_ms AS Period, version AS Version
    FROM reminder
    WHERE service_id = @ServiceId AND grain_id = @GrainId AND name = @ReminderName
$sql$),

('ReadReminderRowsKey', $sql$
    SELECT grain_id AS GrainId, name AS ReminderName, start_at AS StartTime, period_ms AS Period, version AS Version
    FROM reminder
    WHERE service_id = @ServiceId AND grain_id = @GrainId
$sql$),

-- A part of the ring that does not pass its end, and one that does.
('ReadRangeRows1Key', $sql$
    SELECT grain_id AS GrainId, name AS ReminderName, start_at AS StartTime, period_ms AS Period, version AS Version
    FROM reminder
    WHERE service_id = @ServiceId AND grain_hash > @BeginHash AND grain_hash <= @EndHash
$sql$),

('ReadRangeRows2Key', $sql$
    SELECT grain_id AS GrainId, name AS ReminderName, start_at AS StartTime, period_ms AS Period, version AS Version
    FROM reminder
    WHERE service_id = @ServiceId AND (grain_hash > @BeginHash OR grain_hash <= @EndHash)
$sql$),

('DeleteReminderRowKey', $sql$
    WITH gone AS (
        DELETE FROM reminder
        WHERE service_id = @ServiceId AND grain_id = @GrainId AND name = @ReminderName AND version = @Version
        RETURNING 1)
    SELECT count(*) > 0 FROM gone
$sql$),

('DeleteReminderRowsKey', $sql$
    DELETE FROM reminder WHERE service_id = @ServiceId
$sql$),

-- Grain state: without a version a write creates, with one it replaces exactly that version.

('ReadFromStorageKey', $sql$
    SELECT payload AS PayloadBinary, version AS Version
    FROM grain_state
    WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
      AND id_key = coalesce(@GrainIdExtensionString, '') AND type = @GrainTypeString AND service_id = @ServiceId
$sql$),

('WriteToStorageKey', $sql$
    WITH created AS (
        INSERT INTO grain_state (id_hash, type_hash, id_n0, id_n1, id_key, type, service_id, version, payload)
        SELECT @GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''), @GrainTypeString,
               @ServiceId, 1, @PayloadBinary
        WHERE @GrainStateVersion IS NULL
        ON CONFLICT DO NOTHING
        RETURNING version),
    replaced AS (
        UPDATE grain_state SET payload = @PayloadBinary, version = version + 1, written_at = now()
        WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
          AND id_key = coalesce(@GrainIdExtensionString, '') AND type = @GrainTypeString AND service_id = @ServiceId
          AND version = @GrainStateVersion
        RETURNING version)
    SELECT version AS NewGrainStateVersion FROM created
    UNION ALL
    SELECT version FROM replaced
$sql$),

('ClearStorageKey', $sql$
    UPDATE grain_state SET payload = NULL, version = version + 1, written_at = now()
    WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
      AND id_key = coalesce(@GrainIdExtensionString, '') AND type = @GrainTypeString AND service_id = @ServiceId
      AND version = @GrainStateVersion
    RETURNING version AS NewGrainStateVersion
$sql$),

-- The caller wants to see a version that is not the old one.
('DeleteStorageKey', $sql$
    DELETE FROM grain_state
    WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
      AND id_key = coalesce(@GrainIdExtensionString, '') AND type = @GrainTypeString AND service_id = @ServiceId
      AND version = @GrainStateVersion
    RETURNING version + 1 AS NewGrainStateVersion
$sql$)

ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;
