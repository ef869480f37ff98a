#!/bin/sh
# Run once by the database's image: the service's own user, no superuser, and its database.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$HOMECARE_DB_PASSWORD" --username postgres <<'SQL'
CREATE ROLE homecare LOGIN PASSWORD :'password' NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
CREATE DATABASE homecare OWNER homecare;
SQL
