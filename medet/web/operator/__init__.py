"""The operator's desk: worklist, card, home visit and answers by hand."""
