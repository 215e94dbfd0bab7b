-- What predicates call has other names and arguments: see crates/persistence/src/rare.rs.
DROP FUNCTION IF EXISTS evolva_a_cop_shows_concept(uuid, uuid, uuid, uuid);
DROP FUNCTION IF EXISTS evolva_a_cop_shows_theme(uuid, uuid, uuid, uuid);
