"""Russian formats: `22 ноября 2026 г.`, `22.11.2026`, `16:05`, `12 345,6`."""

DATE_FORMAT = "j\xa0E\xa0Y\xa0г."
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j\xa0E\xa0Y\xa0г., H:i"
YEAR_MONTH_FORMAT = "F\xa0Y\xa0г."
MONTH_DAY_FORMAT = "j\xa0E"
SHORT_DATE_FORMAT = "d.m.Y"
SHORT_DATETIME_FORMAT = "d.m.Y, H:i"
FIRST_DAY_OF_WEEK = 1

DATE_INPUT_FORMATS = ["%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d"]
TIME_INPUT_FORMATS = ["%H:%M", "%H:%M:%S"]
DATETIME_INPUT_FORMATS = ["%d.%m.%Y %H:%M", "%d.%m.%Y, %H:%M", "%d.%m.%y %H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]

DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\xa0"
NUMBER_GROUPING = 3
