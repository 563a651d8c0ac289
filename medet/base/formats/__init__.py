"""How Django writes and reads dates and numbers, one folder a language (FORMAT_MODULE_PATH); source: CLDR by Babel.

Django has no Kazakh formats of its own and would fall back to American ones: `11/22/2026 4:05 Т.Қ.`.
"""
