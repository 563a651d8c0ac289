"""Translations: found in the code, kept as .po files, checked and compiled by Babel alone, without GNU gettext.

English is the language of the source. `medet/locale/<kk|ru>/LC_MESSAGES/django.po` holds our own sentences,
`framework.po` beside it those of Django that Django itself lacks or words badly in that language. Both are compiled
into one `django.mo`, which git does not keep.
"""
