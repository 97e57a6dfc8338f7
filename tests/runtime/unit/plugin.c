int runtime_test_plugin(void) { return 1; }
