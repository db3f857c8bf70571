/* Values of parameters, and cutting them. */
#ifndef APPS_SH_PARAMS_H
#define APPS_SH_PARAMS_H

#include "apps/sh/shell.h"

/* Value of a variable, of a positional or of a special parameter but @ and *; NULL if unset. */
const char *param_value(struct shell *shell, const char *name, struct arena *arena);
/* ${value%pattern} and its three relatives. */
const char *param_cut(struct arena *arena, const char *value, const char *pattern,
                      enum param_op op);

#endif
