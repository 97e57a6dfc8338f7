-- Neovim 0.7 or later: Gridlock's findings beside those of clangd.
-- In init.lua: dofile("PATH/neovim.lua")
vim.api.nvim_create_autocmd("FileType", {
  pattern = { "c", "cpp" },
  callback = function(event)
    local file = vim.api.nvim_buf_get_name(event.buf)
    local found = vim.fs and vim.fs.find({ "compile_commands.json", "compile_flags.txt", ".git" },
      { path = file, upward = true })[1]
    local config = {
      name = "gridlock",
      cmd = { "gridlock", "lsp-proxy", "--", "clangd" },
      root_dir = found and vim.fs.dirname(found) or vim.fn.fnamemodify(file, ":h"),
    }
    if vim.lsp.start then
      vim.lsp.start(config)
    else -- before 0.8
      vim.g.gridlock_client = vim.g.gridlock_client or vim.lsp.start_client(config)
      vim.lsp.buf_attach_client(event.buf, vim.g.gridlock_client)
    end
  end,
})
