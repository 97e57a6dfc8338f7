#include "table.h"

static int grows = 1;

void table_set_growth(int on) { grows = on; }

int table_size(int wanted) { return grows ? wanted * 2 : wanted; }
