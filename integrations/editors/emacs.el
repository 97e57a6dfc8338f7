;;; emacs.el --- Gridlock's findings beside those of clangd  -*- lexical-binding: t -*-
;; Emacs 29 or later, or an earlier one with the package eglot.
;; In init.el: (load "PATH/emacs.el"), then M-x eglot in a C or C++ buffer.
(require 'eglot)
(add-to-list 'eglot-server-programs
             '((c-mode c++-mode c-ts-mode c++-ts-mode) . ("gridlock" "lsp-proxy" "--" "clangd")))
