"""What is wrong with a schema, a recipe or the data; the message says where and what to do."""

from __future__ import annotations


class TabularError(ValueError):
    """Something of the user's that cannot be used."""


class SchemaInvalid(TabularError):
    """The schema is no schema, or does not fit what is asked of it."""


class RecipeInvalid(TabularError):
    """The recipe breaks the grammar or does not fit the schema.

    Attributes:
        line, column: where in the recipe's text, from 1.
    """

    def __init__(self, problem: str, line: int, column: int) -> None:
        self.problem = problem
        self.line = line
        self.column = column
        super().__init__(f"Recipe, line {line}, column {column}: {problem}")


class DataInvalid(TabularError):
    """The observations cannot be learned from or measured with."""


class ModelUnreadable(TabularError):
    """A folder holds no model that this version reads."""
