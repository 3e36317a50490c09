@rem npm scripts say `exec` so that a signal for npm reaches what it runs, and no shell in between.
@rem The shell of Windows has no such word; there this stands in for it.
@%*
