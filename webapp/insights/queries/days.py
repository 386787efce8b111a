"""Days from one moment to another, reckoned by the database."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class Days(FunctionElement[float]):
    """The days, with their fractions, from one moment to a later one; each may be a day."""

    type = sa.Float()
    inherit_cache = True


@compiles(Days, "sqlite")
def _in_sqlite(element: Days, compiler: SQLCompiler, **options: Any) -> str:
    earlier, later = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(julianday({later}) - julianday({earlier}))"


@compiles(Days, "postgresql")
def _in_postgresql(element: Days, compiler: SQLCompiler, **options: Any) -> str:
    earlier, later = (compiler.process(clause, **options) for clause in element.clauses)
    in_utc = "timezone('UTC', {})::timestamp"
    moments = [
        f"({name})::timestamp" if isinstance(clause.type, sa.Date) else in_utc.format(name)
        for name, clause in zip((earlier, later), element.clauses, strict=True)
    ]
    return f"(extract(epoch FROM {moments[1]} - {moments[0]}) / 86400.0)::float"
