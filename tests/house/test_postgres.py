"""The Postgres of the tests is real, reached by a socket alone, and every test has a database of its own."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.support.postgres import Server


@pytest.mark.parametrize("_again", [1, 2])
def test_a_database_is_new_for_every_test(postgres_url: str, _again: int):
    engine = sa.create_engine(postgres_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE visit (id uuid PRIMARY KEY DEFAULT gen_random_uuid())"))
        connection.execute(sa.text("INSERT INTO visit DEFAULT VALUES"))
    with engine.begin() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM visit")) == 1


def test_a_filled_database_serves_as_template(postgres_server: Server):
    with postgres_server.database() as template:
        engine = sa.create_engine(postgres_server.url(template), poolclass=sa.NullPool)
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE site (name text)"))
        with postgres_server.database(template=template) as copy:
            engine = sa.create_engine(postgres_server.url(copy), poolclass=sa.NullPool)
            with engine.begin() as connection:
                assert sa.inspect(connection).get_table_names() == ["site"]


def test_no_port_is_open(postgres_url: str):
    engine = sa.create_engine(postgres_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        assert connection.scalar(sa.text("SHOW listen_addresses")) == ""
        assert int(connection.scalar(sa.text("SHOW server_version_num")) or 0) >= 15_00_00
