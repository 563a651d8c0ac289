"""Kazakh formats: `2026 ж. 22 қараша`, `22.11.26`, `16:05`, `12 345,6`."""

DATE_FORMAT = "Y\xa0\\ж. j\xa0E"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "Y\xa0\\ж. j\xa0E, H:i"
YEAR_MONTH_FORMAT = "Y\xa0\\ж. E"
MONTH_DAY_FORMAT = "j\xa0E"
SHORT_DATE_FORMAT = "d.m.y"
SHORT_DATETIME_FORMAT = "d.m.y, H:i"
FIRST_DAY_OF_WEEK = 1

DATE_INPUT_FORMATS = ["%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d"]
TIME_INPUT_FORMATS = ["%H:%M", "%H:%M:%S"]
DATETIME_INPUT_FORMATS = ["%d.%m.%Y %H:%M", "%d.%m.%Y, %H:%M", "%d.%m.%y %H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]

DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\xa0"
NUMBER_GROUPING = 3
