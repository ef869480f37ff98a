"""What each command of `homecare` does; here, what those share that others mount beside them."""

from optimizer.commands.exit_code import EXIT_CODES, ExitCode
from optimizer.commands.language import chosen_language
from optimizer.commands.options import JsonOption, LangOption

__all__ = ["EXIT_CODES", "ExitCode", "JsonOption", "LangOption", "chosen_language"]
