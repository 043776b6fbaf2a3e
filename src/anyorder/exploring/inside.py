"""What stays inside of the program, of modules of the library that may be imported as they are.

Of these modules, the functions, classes and methods that are listed here compute with what they are
given. All others are refused where they are called, since they may reach files, the network or what
else a computer has: so is whatever a new Python brings, until it has been looked at.
"""

from __future__ import annotations

from pathlib import PurePath

__all__ = ["INSIDE", "REACHING", "SPECIAL"]

SPECIAL = "__*__"  # stands for the special methods of all classes of a module


def methods(names: str) -> frozenset[str]:
    """Return names of a module, and that its classes' special methods stay inside too."""
    return frozenset(names.split()) | {SPECIAL}


INSIDE: dict[str, frozenset[str]] = {
    "argparse": methods(
        "Action ArgumentDefaultsHelpFormatter ArgumentError ArgumentParser ArgumentTypeError "
        "BooleanOptionalAction HelpFormatter MetavarTypeHelpFormatter Namespace "
        "RawDescriptionHelpFormatter RawTextHelpFormatter _ActionsContainer _AppendAction "
        "_AppendConstAction _ArgumentGroup _AttributeHolder _ChoicesPseudoAction "
        "_ColorlessTheme _CountAction _ExtendAction _HelpAction _MutuallyExclusiveGroup "
        "_Section _StoreAction _StoreConstAction _StoreFalseAction _StoreTrueAction "
        "_SubParsersAction _VersionAction _add_action _add_container_actions _add_item "
        "_apply_text_markup _check_conflict _check_help _check_value _copy_items _dedent "
        "_expand_help _fill_text _format_action _format_action_invocation "
        "_format_actions_usage _format_args _format_text _format_usage _get_action_name "
        "_get_actions_usage_parts _get_actions_usage_parts_with_split _get_args "
        "_get_default_metavar_for_optional _get_default_metavar_for_positional _get_formatter "
        "_get_handler _get_help_string _get_kwargs _get_nargs_pattern _get_option_tuples "
        "_get_optional_actions _get_optional_kwargs _get_positional_actions "
        "_get_positional_kwargs _get_subactions _get_theme _get_theme_and_decolor "
        "_get_validation_formatter _get_value _get_values _handle_conflict_error "
        "_handle_conflict_resolve _identity _indent _is_long_option _iter_indented_subactions "
        "_join_parts _match_argument _match_arguments_partial _metavar_formatter "
        "_parse_known_args _parse_known_args2 _parse_optional _pop_action_class "
        "_print_message _prog_name _registry_get _remove_action _set_color _split_lines "
        "_warning add_argument add_argument_group add_arguments add_mutually_exclusive_group "
        "add_parser add_subparsers add_text add_usage convert_arg_line_to_args end_section "
        "error exit format_help format_usage get_default parse_args parse_intermixed_args "
        "parse_known_args parse_known_intermixed_args print_help print_usage register "
        "set_defaults start_section"
    ),
    "codecs": methods(
        "BufferedIncrementalDecoder BufferedIncrementalEncoder Codec CodecInfo EncodedFile "
        "IncrementalDecoder IncrementalEncoder StreamReader StreamReaderWriter StreamRecoder "
        "StreamWriter ascii_decode ascii_encode charmap_build charmap_decode charmap_encode "
        "decode encode escape_decode escape_encode getdecoder getencoder "
        "getincrementaldecoder getincrementalencoder getreader getstate getwriter iterdecode "
        "iterencode latin_1_decode latin_1_encode lookup lookup_error make_encoding_map "
        "make_identity_dict raw_unicode_escape_decode raw_unicode_escape_encode read "
        "readbuffer_encode readline readlines register register_error reset seek setstate "
        "unicode_escape_decode unicode_escape_encode unregister utf_16_be_decode "
        "utf_16_be_encode utf_16_decode utf_16_encode utf_16_ex_decode utf_16_le_decode "
        "utf_16_le_encode utf_32_be_decode utf_32_be_encode utf_32_decode utf_32_encode "
        "utf_32_ex_decode utf_32_le_decode utf_32_le_encode utf_7_decode utf_7_encode "
        "utf_8_decode utf_8_encode write writelines"
    ),
    "copyreg": methods(
        "pickle_complex pickle_super pickle_union"
    ),
    "encodings": methods(
        "Codec CodecRegistryError IncrementalDecoder IncrementalEncoder StreamReader "
        "StreamWriter T ToASCII ToUnicode adapt base64_decode base64_encode decode "
        "decode_generalized_number encode generate_generalized_integer generate_integers "
        "getregentry getstate insertion_sort insertion_unsort nameprep normalize_encoding "
        "punycode_decode punycode_encode reset search_function segregate selective_find "
        "selective_len setstate"
    ),
    "gettext": methods(
        "Catalog GNUTranslations NullTranslations add_fallback c2py charset dgettext "
        "dngettext dnpgettext dpgettext gettext info ngettext npgettext pgettext"
    ),
    "html": methods(
        "HTMLParser ParserBase check_for_whole_start_tag clear_cdata_mode close escape feed "
        "get_starttag_text getpos goahead handle_charref handle_comment handle_data handle_decl "
        "handle_endtag handle_entityref handle_pi handle_startendtag handle_starttag "
        "parse_bogus_comment parse_comment parse_declaration parse_endtag "
        "parse_html_declaration parse_marked_section parse_pi parse_starttag reset "
        "set_cdata_mode unescape unknown_decl updatepos"
    ),
    "importlib.metadata": frozenset({"version"}),
    "ipaddress": methods(
        "AddressValueError IPv4Address IPv4Interface IPv4Network IPv6Address IPv6Interface "
        "IPv6Network NetmaskValueError address_exclude collapse_addresses compare_networks "
        "get_mixed_type_key hosts ip_address ip_interface ip_network overlaps subnet_of "
        "subnets summarize_address_range supernet supernet_of v4_int_to_packed "
        "v6_int_to_packed"
    ),
    "stringprep": methods(
        "in_table_a1 in_table_b1 in_table_c11 in_table_c11_c12 in_table_c12 in_table_c21 "
        "in_table_c21_c22 in_table_c22 in_table_c3 in_table_c4 in_table_c5 in_table_c6 "
        "in_table_c7 in_table_c8 in_table_c9 in_table_d1 in_table_d2 map_table_b2 "
        "map_table_b3"
    ),
    "tomllib": methods(
        "TOMLDecodeError load loads"
    ),
    "urllib.parse": methods(
        "DefragResult DefragResultBytes ParseResult ParseResultBytes SplitResult "
        "SplitResultBytes clear_cache decode encode geturl parse_qs parse_qsl quote "
        "quote_from_bytes quote_plus splitattr splithost splitnport splitpasswd splitport "
        "splitquery splittag splittype splituser splitvalue to_bytes unquote unquote_plus "
        "unquote_to_bytes unwrap urldefrag urlencode urljoin urlparse urlsplit urlunparse "
        "urlunsplit"
    ),
    "os": frozenset({
        "PathLike", "copy", "fsdecode", "fsencode", "getenv", "getenvb", "process_cpu_count",
        "register_at_fork", "setdefault",
    }),
    "pathlib": frozenset({
        *(name for name in vars(PurePath) if not name.startswith("_")),
        "Path", "PosixPath", "PurePath", "PurePosixPath", "PureWindowsPath", "WindowsPath",
    }),
    "pickle": frozenset({"dumps", "loads"}),
    "getpass": frozenset({"getuser"}),
    "platform": frozenset({
        "machine", "node", "platform", "python_compiler", "python_implementation",
        "python_version", "release", "system", "version",
    }),
    "posix": frozenset({
        "WEXITSTATUS", "_exit", "cpu_count", "fsdecode", "fsencode", "fspath", "getpid", "getppid",
        "sched_getaffinity", "strerror",
    }),
    "posixpath": frozenset({
        "basename", "commonpath", "commonprefix", "dirname", "isabs", "join", "normcase",
        "normpath", "split", "splitdrive", "splitext", "splitroot",
    }),
    "shlex": frozenset({"join", "quote", "split"}),
    "timeit": frozenset({"default_timer"}),
    "socket": frozenset({"gethostname"}),
    "uuid": frozenset({"UUID", "uuid3", "uuid4", "uuid5"}),
}  # fmt: skip
# of the modules that have special methods here, what has been looked at and reaches outside, or
# changes what other programs find too
REACHING = frozenset({
    "argparse.FileType", "argparse._read_args_from_files", "codecs.open", "copyreg.add_extension",
    "copyreg.clear_extension_cache", "copyreg.constructor", "copyreg.pickle",
    "copyreg.remove_extension", "gettext.bindtextdomain", "gettext.find", "gettext.install",
    "gettext.textdomain", "gettext.translation",
})  # fmt: skip
