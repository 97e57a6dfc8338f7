#pragma once
void table_set_growth(int on);
int table_size(int wanted);
